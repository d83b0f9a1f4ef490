"""A running site and the people it invites."""

from collections.abc import Callable
from typing import Any

from tests.conftest import SECRET, Environment
from tests.factories.cases import Invited, make_case
from tests.surroundings.server import Served


class Site:
    """A running Peilwijs and the people it may invite."""

    def __init__(self, server: Served) -> None:
        self.server = server

    def invite(self, **case: Any) -> str:
        """Makes a case; returns its link."""
        with Environment(PEILWIJS_VAR_FOLDER=str(self.server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
            invited: Invited = make_case(**case)
        self.case_id = invited.case_id
        return f"{self.server.url}/v/{invited.token}"

    def stored(self, look: Callable[[int], Any]) -> Any:
        """What stands in the site's database about the last invited case."""
        with Environment(PEILWIJS_VAR_FOLDER=str(self.server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
            return look(self.case_id)
