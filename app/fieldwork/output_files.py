"""Files that hold contact data on their way out: readable by their owner only, whole or not there at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Invalid


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A temporary place to write to; becomes `path` when the block ends well.

    Raises:
        Invalid: when there cannot be written at that place.
    """
    temporary: Path | None = None
    try:
        if path.is_dir():
            raise Invalid(f"{path} is a folder; give the name of a file")
        handle, name = tempfile.mkstemp(prefix=".peilwijs-", dir=path.parent)  # mode 0600
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise Invalid(f"{path} cannot be written ({error.strerror or error}); choose another place") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
