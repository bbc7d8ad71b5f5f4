"""Which failures are the user's to mend, and the sentence for each."""

from collections.abc import Callable

from regulars.cli.app import Refused


def sentence_for(problem: Exception) -> str | None:
    """Return what to tell the user, or None when it is a fault of ours."""
    for kinds, told in _known():
        if isinstance(problem, kinds):
            return told(problem)
    return None


Answers = list[tuple[tuple[type[Exception], ...], Callable[[Exception], str]]]


def _known() -> Answers:
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    from regulars.core.settings import BadSetting

    answers: Answers = _of_domains() if apps.ready else []
    return [
        *answers,
        ((Refused, BadSetting, ImproperlyConfigured), str),
        (
            (OperationalError,),
            lambda problem: f"the operational database does not answer ({problem}); see `regulars doctor`",
        ),
        ((FileNotFoundError,), lambda problem: f"there is no file {getattr(problem, 'filename', '')}"),
        ((PermissionError,), lambda problem: f"no permission for {getattr(problem, 'filename', '')}"),
        (
            (OSError,),
            lambda problem: f"the disk said: {problem}; what was committed is safe, run the same command again",
        ),
    ]


def _of_domains() -> Answers:
    from regulars.events import api as events
    from regulars.sources import api as sources

    return [
        ((sources.CannotRead, sources.CannotImport, events.InvalidFact, events.UnknownKind), str),
        ((events.Busy,), lambda problem: f"{problem}; wait until it is done, then run this again"),
        ((events.Lost,), lambda problem: f"{problem}; run this again, nothing is lost"),
    ]
