"""Errors as ``application/problem+json`` with code, message, hint and request id."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from labelwright.errors import LabelwrightError
from labelwright.server.model import View

STATUS = {
    "invalid-input": 422,
    "not-found": 404,
    "conflict": 409,
    "gone": 410,
    "unauthenticated": 401,
    "forbidden": 403,
    "too-many-requests": 429,
    "too-large": 413,
    "not-ready": 409,
    "missing-extra": 501,
    "user-error": 400,
    "unavailable": 503,
}
_BY_STATUS = {400: "malformed-request", 404: "not-found", 405: "method-not-allowed"}

MEDIA_TYPE = "application/problem+json"
HINT = "The fields are described in /api/v1/openapi.json."


class Problem(View):
    """Any error."""

    code: str
    message: str
    hint: str
    request_id: str


def answer_of(status: int, code: str, message: str, hint: str, request_id: str) -> JSONResponse:
    """The response that says so."""
    body = Problem(code=code, message=message, hint=hint, request_id=request_id)
    headers = {"Retry-After": "10"} if status in (429, 503) else None
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def problem(request: Request, status: int, code: str, message: str, hint: str = "") -> JSONResponse:
    """The response to this request."""
    return answer_of(status, code, message, hint, request.state.request_id)


RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "What the client can put right."},
    "5XX": {"model": Problem, "description": "What it cannot."},
}


def name_media_type(document: dict[str, Any]) -> None:
    """Describe problems by the media type that they are sent as; the framework knows only that of the route."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for status in RESPONSES:
                response = operation["responses"][status]
                (body,) = response["content"].values()
                response["content"] = {MEDIA_TYPE: body}


def install(app: FastAPI) -> None:
    """Map the error tree, validation errors and HTTP errors to problems; the unexpected is left to `Security`."""

    @app.exception_handler(LabelwrightError)
    def ours(request: Request, error: LabelwrightError) -> JSONResponse:
        return problem(request, STATUS.get(error.code, 500), error.code, error.message, error.hint)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first: dict[str, Any] = dict(error.errors()[0])
        where = ".".join(str(part) for part in first["loc"])
        return problem(request, 422, "invalid-input", f"{where}: {first['msg'].removeprefix('Value error, ')}.", HINT)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        return problem(request, error.status_code, _BY_STATUS.get(error.status_code, "http-error"), str(error.detail))
