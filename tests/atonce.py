"""Several people who press at the same moment, each with a connection of their own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection

from foundation.errors import InvalidInput, StateConflict

# Nobody is left waiting for somebody who did not come.
PATIENCE = 60


def press_at_once(actions: Sequence[Callable[[], object]]) -> list[str]:
    """What each got: the sentence of a refusal, or nothing when it was done; other errors are raised."""
    gate, answers, faults = threading.Barrier(len(actions)), [""] * len(actions), []

    def press(place: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            actions[place]()
        except (StateConflict, InvalidInput) as refusal:
            answers[place] = refusal.message
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(place,)) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return answers
