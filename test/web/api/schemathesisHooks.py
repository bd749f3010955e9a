"""What schemathesis has to be told of our API. Loaded by it; schemathesis.test.ts says where from."""

import os
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

BUILD = "application/gzip"


# Not prefixItems: schemathesis 4.32 takes the draft 2020-12 of our document for one that has none.
@schemathesis.hook
def before_load_schema(context, schema):
    flatten(schema)


def flatten(node):
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        flatten(child)
    if isinstance(node, dict) and "prefixItems" in node:
        node["items"] = node.pop("prefixItems")[0]


# A build, one that stops in the middle, and rubbish.
whole = Path(os.environ["PODLINE_TEST_BUILD"]).read_bytes()
bodies = st.one_of(st.just(whole), st.just(whole[: len(whole) // 2]), st.binary(max_size=1000))
schemathesis.openapi.media_type(BUILD, bodies)


@schemathesis.serializer(BUILD)
def build(context, value):
    return value
