"""Words that errors are full of: how much a shared word says, before any knowledge base is counted."""

from __future__ import annotations

STOP = frozenset(
    """a an and are as at be been but by can cannot could did do does for from had has have if in
    into is it its no none not of on or so than that the their then there this to too was were
    when while will with would you your""".split()
)

COMMON = frozenset(
    """access abort aborted address already api app browser application argument arguments attempt
    attribute bad call called class client closed code command connect connection container
    content create data default denied directory empty error errors exception exist exists
    exit expected fail failed fails fetch failing failure fatal file files find found function
    get given host http https id image info input instance internal invalid issue issues key
    line load loaded lookup main message method missing module name named new null number object
    open operation option output package page parameter parse path permission port post
    problem process put read received refused request required resource response result return
    returned root run running server service set start started state status stopped string such
    system test time timeout trying type unable undefined unexpected unhandled unknown
    unsupported url use user valid value version warning work write wrong""".split()
)


def tell(word: str) -> float:
    """Return how much the word tells by itself, 0..1: grammar little, everyday error words some."""
    if word in STOP:
        return 0.1
    return 0.4 if word in COMMON else 1.0
