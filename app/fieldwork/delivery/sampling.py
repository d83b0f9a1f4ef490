"""The sample: where more clients of a service were delivered than the wave allows, a draw decides."""

import random
from collections.abc import Mapping, Sequence


def left_out(
    candidates: Mapping[int, Sequence[int]],
    n_drawn_before: Mapping[int, int],
    max_sample: Mapping[int, int],
    seed: str,
) -> set[int]:
    """The candidates that stay outside the sample, as a reserve.

    A simple random sample per service; the same seed, candidates and maximum always give the same one. Who was
    drawn in an earlier delivery stays drawn, so later ones share what places are left.

    Args:
        candidates: per service, who may be drawn, in the order of the file.
        n_drawn_before: per service, how many were drawn from earlier deliveries.
        max_sample: per service, the largest sample; a service that is not named is taken whole.
    """
    outside: set[int] = set()
    for service, members in sorted(candidates.items()):
        if service not in max_sample:
            continue
        n_places = max(0, max_sample[service] - n_drawn_before.get(service, 0))
        if len(members) > n_places:
            drawn = random.Random(f"{seed}:{service}").sample(list(members), n_places)  # noqa: S311 - reproducible
            outside |= set(members) - set(drawn)
    return outside
