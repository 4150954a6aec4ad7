"""The server keeps to what its OpenAPI document says, whatever is sent: schemathesis makes the requests."""

from __future__ import annotations

import asyncio

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from serve.conftest import QUICK, UNHURRIED

from xsource.serve.api import api_document
from xsource.serve.app import ServeOptions, make_app
from xsource.serve.desk import Desk

# Not `positive_data_acceptance`: a text in a fifth language fits the schema and is refused in words.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def app(small_index):
    desk = Desk(small_index, QUICK)
    # Little patience: an answer that takes long is a 202, which the document names too.
    yield make_app(
        desk, ServeOptions(["testserver"], allow_review=True, rate=UNHURRIED, patience=0.05, count_ahead=0)
    )
    asyncio.run(desk.close())


def test_every_answer_is_one_that_the_document_names(app):
    tried = set()
    for result in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations():
        operation = result.ok()
        tried.add(operation.path)

        @settings(
            max_examples=8,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case):
            case.call_and_validate(checks=CHECKS)

        send()
    assert tried == set(api_document(allow_review=True)["paths"])


def test_the_document_names_every_address_and_no_other(app):
    inner = app
    while not hasattr(inner, "routes"):
        inner = inner.app
    undocumented = {"/assets/{name}", "/openapi.json"}
    documented = set(api_document(allow_review=True)["paths"])
    assert {route.path for route in inner.routes} - undocumented == documented
    assert "/stories/{story_id}/reviews" not in api_document(allow_review=False)["paths"]
