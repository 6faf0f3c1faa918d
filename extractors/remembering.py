"""Results remembered by the identity of what they were made from, within bounds."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


def remember_last(
    count: int,
) -> Callable[[Callable[[*Arguments], Result]], Callable[[*Arguments], Result]]:
    """Remembers the last `count` results of a pure function of immutable objects.

    By identity: hashing a whole page by value costs more than most of what is worked out from it.
    The objects are held as long as their result, so that no other can take their identity.
    """

    def remembering(function: Callable[[*Arguments], Result]) -> Callable[[*Arguments], Result]:
        held: dict[tuple[int, ...], tuple[tuple[*Arguments], Result]] = {}

        @wraps(function)
        def remembered(*arguments: *Arguments) -> Result:
            key = tuple(map(id, arguments))
            found = held.get(key)
            if found is not None:
                return found[1]
            result = function(*arguments)
            while len(held) >= count:
                del held[next(iter(held))]
            held[key] = (arguments, result)
            return result

        return remembered

    return remembering
