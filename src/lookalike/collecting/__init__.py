"""Photos of known people from the web, with author, licence and page.

`collect` does the work; what it is given are tasks, made by `by_keyword` and `by_wikidata`. Every
request goes through `Web`, which says who asks, keeps to each host's pace and tries again.
"""

from lookalike.collecting.collect import CollectOptions, collect
from lookalike.collecting.records import Offer, Subject, Task
from lookalike.collecting.search import SEARCHES, Search, open_search
from lookalike.collecting.summary import Summary
from lookalike.collecting.tasks import by_keyword, by_wikidata
from lookalike.collecting.web import Web

__all__ = [
    "SEARCHES",
    "CollectOptions",
    "Offer",
    "Search",
    "Subject",
    "Summary",
    "Task",
    "Web",
    "by_keyword",
    "by_wikidata",
    "collect",
    "open_search",
]
