"""Prompts: list, upload, speak, listen, publish a version or go back to one, delete, bring back.

Sound comes as the plain body of a request (no form), so that its size is known and nothing parses
it here: what it is, the converter finds out.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Path as InPath
from fastapi import Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import StringConstraints

from callcenter.media.prompts import usage
from callcenter.media.prompts.schemas import Prompt, PromptUsed, Version
from callcenter.sound.converting import UPLOAD_BYTES_MAX, SoundRefused, remove
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw
from callcenter.web.routers.common import Served, guarded_router

router = guarded_router("prompts")

SOUND: dict[int | str, dict[str, Any]] = {200: {"content": {"audio/wav": {}}}}
"""For the API document: this address answers sound."""

PromptId = Annotated[str, InPath(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Language = Annotated[str, InPath(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})?$")]
VersionNumber = Annotated[int, InPath(ge=1, le=10**9)]
Spoken = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
BodyLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})?$")]


class PromptBody(Body):
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class PromptVersionRead(Body):
    """Loudness in LUFS, `true_peak` in dBTP. `there` False: the file is gone from the disk."""

    version: int
    active: bool
    kind: Literal["upload", "recorded", "speech"]
    text: str
    note: str
    source_name: str
    codec: str
    seconds: float
    loudness_before: float
    loudness: float
    true_peak: float
    sha256: str
    warnings: list[str]
    by: str | None
    by_name: str
    created: datetime
    there: bool


class LanguageRead(Body):
    """`active`: the version that callers hear; None: none is."""

    language: str
    active: int | None
    versions: list[PromptVersionRead]


class PromptRead(Body):
    """`used_in`: where published flows say it."""

    id: str
    name: str
    deleted: datetime | None
    languages: list[LanguageRead]
    used_in: list[str]


class MissingRead(Body):
    """A published flow says `prompt` in `language`, and there is neither sound nor words for it."""

    prompt: str
    language: str
    flow: str


class PromptList(Body):
    """`languages`: those of all published flows and of all recordings."""

    items: list[PromptRead]
    missing: list[MissingRead]
    languages: list[str]


class SpeechBody(Body):
    text: Spoken
    note: Note = ""
    active: bool = True


class SpeechDraft(Body):
    text: Spoken
    language: BodyLanguage


class VersionChoice(Body):
    """`version` None: no recording is played; the words are spoken."""

    version: int | None


# -- reading --------------------------------------------------------------------------------------
@router.get("/api/prompts")
async def list_prompts(served: Served) -> PromptList:
    config = served.config()
    flows = config.flows
    places = usage.places_of(flows, config.queues)
    names = await _names(served)
    prompts = await served.prompts.prompts()
    languages = {language for flow in flows.values() for language in flow.languages}
    languages |= {language for prompt in prompts for language in prompt.versions}
    return PromptList(
        items=[_read(one, places.get(one.id, []), names) for one in prompts],
        missing=[
            MissingRead(prompt=gap.prompt, language=gap.language, flow=gap.flow)
            for gap in usage.gaps(flows, served.prompts.recorded())
        ],
        languages=sorted(languages),
    )


@router.get("/api/prompts/{prompt}")
async def get_prompt(prompt: PromptId, served: Served) -> PromptRead:
    found = await served.prompts.prompt(prompt)
    config = served.config()
    places = usage.places_of(config.flows, config.queues)
    return _read(found, places.get(prompt, []), await _names(served))


@router.get(
    "/api/prompts/{prompt}/{language}/versions/{version}/audio",
    response_class=FileResponse,
    responses=SOUND,
)
async def hear_prompt(
    prompt: PromptId, language: Language, version: VersionNumber, served: Served
) -> FileResponse:
    """The 16 kHz sound of a version; parts of it by Range."""
    _, path = await served.prompts.version(prompt, language, version)
    return FileResponse(path, media_type="audio/wav")


# -- changes --------------------------------------------------------------------------------------
@router.put("/api/prompts/{prompt}", status_code=204)
async def put_prompt(prompt: PromptId, body: PromptBody, caller: Called, served: Served) -> None:
    """Make a prompt, or change what it is called; one that was deleted comes back."""
    await served.prompts.put(prompt, body.name, by=caller.account.id)


@router.delete("/api/prompts/{prompt}", status_code=204)
async def delete_prompt(prompt: PromptId, caller: Called, served: Served) -> None:
    """Refused while a published flow or a queue says it. Can be brought back."""
    config = served.config()
    try:
        await served.prompts.delete(prompt, config.flows, config.queues, by=caller.account.id)
    except PromptUsed as used:
        shown = used.places[:20]
        raise ApiError(
            409,
            "prompt_used",
            f"it is said in {shown[0]}" + (f" and {len(used.places) - 1} more" * bool(shown[1:])),
            todo="take it out there (publish the flow), and delete it then",
            flaws=[Flaw(where=place, message="says this prompt") for place in shown],
        ) from None


@router.post("/api/prompts/{prompt}/restore", status_code=204)
async def restore_prompt(prompt: PromptId, caller: Called, served: Served) -> None:
    await served.prompts.restore(prompt, by=caller.account.id)


@router.post("/api/prompts/{prompt}/{language}/audio", status_code=201)
async def upload_prompt(
    prompt: PromptId,
    language: Language,
    request: Request,
    caller: Called,
    served: Served,
    kind: Literal["upload", "recorded"] = "upload",
    name: Annotated[str, Query(max_length=255)] = "",
    text: Annotated[str, Query(max_length=1000)] = "",
    note: Annotated[str, Query(max_length=300)] = "",
    active: bool = True,
) -> PromptVersionRead:
    """A new version from the sound in the body, at most 20 MB. `name`: of the file, for people;
    `text`: what is said in it."""
    _check_name(name)
    async with _received(request, served.prompts.incoming) as source:
        try:
            made = await served.prompts.add(
                prompt,
                language,
                source,
                kind=kind,
                text=text,
                note=note,
                source_name=name,
                active=active,
                by=caller.account.id,
            )
        except SoundRefused as refused:
            raise _refused(refused) from None
    return _version(made, {caller.account.id: caller.account.name})


@router.post("/api/prompts/{prompt}/{language}/speech", status_code=201)
async def speak_prompt(
    prompt: PromptId, language: Language, body: SpeechBody, caller: Called, served: Served
) -> PromptVersionRead:
    """A new version, said by the speech maker."""
    await served.prompts.prompt(prompt)
    source = await served.prompts.spoken(body.text, language)
    try:
        made = await served.prompts.add(
            prompt,
            language,
            source,
            kind="speech",
            text=body.text,
            note=body.note,
            active=body.active,
            by=caller.account.id,
        )
    except SoundRefused as refused:
        raise _refused(refused) from None
    finally:
        remove(source)
    return _version(made, {caller.account.id: caller.account.name})


@router.post("/api/speech", response_class=Response, responses=SOUND)
async def hear_speech(body: SpeechDraft, served: Served) -> Response:
    """How the speech maker would say it; nothing is kept."""
    sound = await served.prompts.listen_first(body.text, body.language)
    return Response(sound, media_type="audio/wav")


@router.put("/api/prompts/{prompt}/{language}/active", status_code=204)
async def choose_version(
    prompt: PromptId, language: Language, body: VersionChoice, caller: Called, served: Served
) -> None:
    """Which version callers hear from now on: forward, or back to an earlier one."""
    if body.version is None:
        await served.prompts.withdraw(prompt, language, by=caller.account.id)
    elif not 1 <= body.version <= 10**9:
        raise ApiError(422, "invalid", "there is no such version", where="version")
    else:
        await served.prompts.activate(prompt, language, body.version, by=caller.account.id)


# -- parts ----------------------------------------------------------------------------------------
@asynccontextmanager
async def _received(request: Request, folder: Path) -> AsyncIterator[Path]:
    """The body in a file of ours, gone afterwards. Raises ApiError when it is too large."""
    path = folder / f"{secrets.token_hex(16)}.upload"
    taken = 0
    try:
        with path.open("xb") as file:
            async for piece in request.stream():
                taken += len(piece)
                if taken > UPLOAD_BYTES_MAX:
                    raise _refused(SoundRefused("too_large"))
                file.write(piece)
        yield path
    finally:
        remove(path)


def _check_name(name: str) -> None:
    """It is shown to people and never used for a file; one that tries to be a path is refused all
    the same, for nothing good is meant by it."""
    if any(sign in name for sign in "/\\\0") or name.startswith(".") or not name.isprintable():
        raise ApiError(
            422,
            "bad_name",
            "the file's name has a path or control characters in it",
            where="name",
            todo="rename the file",
        )


def _refused(refused: SoundRefused) -> ApiError:
    status = 413 if refused.code == "too_large" else 422
    return ApiError(status, f"sound_{refused.code}", str(refused), where="file", todo=refused.todo)


async def _names(served: Served) -> dict[str, str]:
    return {account.id: account.name for account in await served.accounts.accounts()}


def _read(prompt: Prompt, places: list[str], names: dict[str, str]) -> PromptRead:
    return PromptRead(
        id=prompt.id,
        name=prompt.name,
        deleted=prompt.deleted,
        languages=[
            LanguageRead(
                language=language,
                active=next((one.version for one in versions if one.active), None),
                versions=[_version(one, names) for one in versions],
            )
            for language, versions in prompt.versions.items()
        ],
        used_in=places,
    )


def _version(one: Version, names: dict[str, str]) -> PromptVersionRead:
    return PromptVersionRead(
        version=one.version,
        active=one.active,
        kind=one.kind,
        text=one.text,
        note=one.note,
        source_name=one.source_name,
        codec=one.codec,
        seconds=one.seconds,
        loudness_before=one.loudness_before,
        loudness=one.loudness,
        true_peak=one.true_peak,
        sha256=one.sha256,
        warnings=list(one.warnings),
        by=one.by,
        by_name=names.get(one.by or "", ""),
        created=one.created,
        there=one.there,
    )
