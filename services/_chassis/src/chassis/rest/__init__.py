"""The REST side of a service: endpoints declared as data, served on Starlette, described by OpenAPI 3.1."""

from chassis.rest.callers import Caller, KeyRing, NewKey, Scheme, StoredKey, StoredKeyRing, new_key
from chassis.rest.conditional import etag_of_bytes, etag_of_version
from chassis.rest.endpoint import Answer, Call, Endpoint, Outcome, RateLimit, Refused
from chassis.rest.models import Nothing, Paging, RestModel
from chassis.rest.openapi import document, print_openapi
from chassis.rest.problems import Problem, ProblemCode, forbidden, not_found, too_many
from chassis.rest.serving import RestApi

__all__ = [
    "Answer",
    "Call",
    "Caller",
    "Endpoint",
    "KeyRing",
    "NewKey",
    "Nothing",
    "Outcome",
    "Paging",
    "Problem",
    "ProblemCode",
    "RateLimit",
    "Refused",
    "RestApi",
    "RestModel",
    "Scheme",
    "StoredKey",
    "StoredKeyRing",
    "document",
    "etag_of_bytes",
    "etag_of_version",
    "forbidden",
    "new_key",
    "not_found",
    "print_openapi",
    "too_many",
]
