"""What the query service of Wikidata knows, asked in SPARQL, answered by ``rdflib``."""

from __future__ import annotations

import json
import re
import threading
from urllib.parse import quote

from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import XSD

WD = Namespace("http://www.wikidata.org/entity/")
WDT = Namespace("http://www.wikidata.org/prop/direct/")
P = Namespace("http://www.wikidata.org/prop/")
PSV = Namespace("http://www.wikidata.org/prop/statement/value/")
WIKIBASE = Namespace("http://wikiba.se/ontology#")
PREFIXES = {"wd": WD, "wdt": WDT, "p": P, "psv": PSV, "wikibase": WIKIBASE}
PREFIXES |= {"rdfs": RDFS, "xsd": XSD}

#: What only Wikidata's own database understands.
_HINT = re.compile(r"hint:\S+ hint:\S+ \S+ \.")
_LABELS = re.compile(r'SERVICE wikibase:label \{ bd:serviceParam wikibase:language "(.*?)" \. \}')


class Knowledge:
    def __init__(self) -> None:
        self.graph = Graph()
        self.queries: list[str] = []
        self._lock = threading.Lock()

    def call(self, item: str, label: str, language: str = "en") -> str:
        self.graph.add((WD[item], RDFS.label, Literal(label, lang=language)))
        return item

    def person(self, item: str, label: str, sitelinks: int, images: list[str], **facts) -> None:
        """State what is known of a person; properties by their ids, births as (date, precision)."""
        add, me = self.graph.add, WD[item]
        self.call(item, label, facts.pop("language", "en"))
        add((me, WDT.P31, WD.Q5))
        add((me, WIKIBASE.sitelinks, Literal(sitelinks)))
        for image in images:
            path = "http://commons.wikimedia.org/wiki/Special:FilePath/" + quote(image)
            add((me, WDT.P18, URIRef(path)))
        if category := facts.pop("category", None):
            add((me, WDT.P373, Literal(category)))
        if born := facts.pop("born", None):
            date, precision = born
            when = Literal(f"{date}T00:00:00Z", datatype=XSD.dateTime, normalize=False)
            statement, node = BNode(), BNode()
            add((me, WDT.P569, when))
            add((me, P.P569, statement))
            add((statement, RDF.type, WIKIBASE.BestRank))
            add((statement, PSV.P569, node))
            add((node, WIKIBASE.timeValue, when))
            add((node, WIKIBASE.timePrecision, Literal(precision)))
        for number, values in facts.items():
            for value in values:
                add((me, WDT[number], value if isinstance(value, BNode) else WD[value]))

    def answer(self, query: str) -> bytes:
        with self._lock:
            self.queries.append(query)
            languages = _LABELS.search(query)
            plain = _LABELS.sub("", _HINT.sub("", query))
            table = self.graph.query(plain, initNs=PREFIXES)
            answer = json.loads(table.serialize(format="json"))
            if languages:
                for row in answer["results"]["bindings"]:
                    self._label(row, answer["head"]["vars"], languages[1].split(","))
            return json.dumps(answer).encode()

    def _label(self, row: dict, variables: list[str], languages: list[str]) -> None:
        for variable in variables:
            of = row.get(variable.removesuffix("Label"))
            if not variable.endswith("Label") or of is None:
                continue
            row[variable] = {"type": "literal", "value": of["value"].removeprefix(WD)}
            if of["type"] != "uri":
                continue
            labels = {
                label.language: str(label)
                for label in self.graph.objects(URIRef(of["value"]), RDFS.label)
            }
            for language in languages:
                if language in labels:
                    row[variable] = {
                        "xml:lang": language,
                        "type": "literal",
                        "value": labels[language],
                    }
                    break
