#!/usr/bin/env python3
"""Reads the exports among tests/data/payload with stix2 and pymisp.

Run it in a virtual environment that has both packages:

    python3 -m venv VENV && VENV/bin/pip install stix2 pymisp
    VENV/bin/python tests/tools/check_interchange.py
"""

import csv
import json
import pathlib
import uuid

import pymisp
import stix2
from stix2patterns.validator import run_validator

DATA = pathlib.Path(__file__).parent.parent / "data" / "payload"
NAMESPACE = uuid.uuid5(uuid.UUID(int=0), "iocpack")


def rows():
    with open(DATA / "table.csv", newline="", encoding="utf-8") as table:
        return [(row["type"], row["value"]) for row in csv.DictReader(table)]


def check_bundle(expected):
    text = (DATA / "bundle.json").read_text(encoding="utf-8")
    bundle = stix2.parse(text, version="2.1")
    assert len(bundle.objects) == len(expected)
    for indicator, (kind, value) in zip(bundle.objects, expected):
        assert indicator.type == "indicator"
        assert indicator.name == value
        name = uuid.uuid5(NAMESPACE, f"{kind}\t{value}")
        assert indicator.id == f"indicator--{name}"
        assert run_validator(indicator.pattern, stix_version="2.1") == []
    # What is read is what was written, but for how stix2 writes a second.
    plain = [it.replace(".000Z", "Z") for it in (bundle.serialize(), text)]
    assert json.loads(plain[0]) == json.loads(plain[1])


def check_event(expected):
    text = (DATA / "event.json").read_text(encoding="utf-8")
    event = pymisp.MISPEvent()
    event.from_json(text)
    assert event.uuid == str(uuid.uuid5(NAMESPACE, f"event\t{event.info}"))
    assert len(event.attributes) == len(expected)
    for attribute, (_, value) in zip(event.attributes, expected):
        assert attribute.value == value
        assert attribute.to_ids


def main():
    expected = rows()
    check_bundle(expected)
    check_event(expected)
    print(f"{len(expected)} items in a bundle, an event and a table")


if __name__ == "__main__":
    main()
