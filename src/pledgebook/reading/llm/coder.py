"""The coder that asks a language model, and believes nothing of what it says unseen."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pledgebook.errors import PledgebookError, UsageError
from pledgebook.reading.coders import Coder, StoppedError, digest_of
from pledgebook.reading.llm.answers import AnswerError, parse_answer
from pledgebook.reading.llm.budget import Budget, Spent, guess_tokens
from pledgebook.reading.llm.cache import Cache
from pledgebook.reading.llm.door import Door, Refused
from pledgebook.reading.llm.endpoint import Endpoint, EndpointError, Reply
from pledgebook.reading.llm.folder import (
    answer_path,
    answers_digest,
    find_answer,
    record_answer,
    record_prompt,
)
from pledgebook.reading.llm.prompts import Prompt, prompt_version, prompts
from pledgebook.reading.llm.settings import LlmSettings
from pledgebook.reading.llm.tally import Tally
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = ["LlmReader", "UnansweredError", "llm_coder"]

_NAMED = 5


class UnansweredError(PledgebookError):
    """A document whose prompts have no answers among those that are replayed."""


class LlmReader:
    """Reads documents by the answers of a model, from a server or from a folder.

    It is the session of its coder too: several threads may read by it at a time.
    """

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._budget = Budget(
            max_tokens=settings.max_tokens,
            max_cost=settings.max_cost,
            price_in=settings.price_in,
            price_out=settings.price_out,
        )
        self.tally = Tally(settings.model or "", self._budget)
        self._endpoint: Endpoint | None = None
        self._pool: ThreadPoolExecutor | None = None
        if settings.url is not None:
            self._endpoint = Endpoint(
                settings.url,
                settings.model,
                key=settings.key,
                timeout=settings.timeout,
                answer_tokens=settings.answer_tokens,
                retries=settings.retries,
                sleep=self._sleep,
            )
            self._pool = ThreadPoolExecutor(settings.concurrency, "pledgebook-llm")
        place = f"{settings.url}\0{settings.model}"
        self._cache = Cache(settings.cache, place) if settings.cache is not None else None

    def read(self, document: Document, catalogue: Catalogue) -> list[Statement]:
        """Return what came through the door, in the order of the text.

        Raises UnansweredError, AnswerError or EndpointError where this document cannot be read,
        StoppedError where no other can be either.
        """
        door = Door(document, catalogue)
        asked = prompts(document, self._settings.chunk, door.passages)
        answers = self._answers(asked)
        rule = f"llm {self._settings.model}" if self._settings.model else "llm"
        passed = [
            door.check(self._parsed(prompt, answer), prompt.start, prompt.end, rule=rule)
            for prompt, answer in zip(asked, answers, strict=True)
        ]
        self.tally.passed(passed, len(door.passages))
        return [statement for one in passed for statement in one.statements]

    def record(self, document: Document, catalogue: Catalogue) -> list[Path]:
        """Write the prompts of a document to the folder for them and return their paths."""
        folder = self._settings.record
        if folder is None:
            raise UsageError("there is no folder to record prompts in", mend="Name --llm-record")
        passages = Door(document, catalogue).passages
        asked = prompts(document, self._settings.chunk, passages)
        return [record_prompt(folder, prompt) for prompt in asked]

    @property
    def refused(self) -> list[Refused]:
        """What the door turned away, the first thousand."""
        return list(self.tally.examples)

    def progress(self) -> str:
        """Return what it has cost so far."""
        return self.tally.progress()

    def report(self) -> list[str]:
        """Return what was asked, what it cost, and what the door turned away."""
        return self.tally.lines()

    def close(self) -> None:
        """Stop what is under way and give the connections back."""
        self._stopping.set()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        if self._endpoint is not None:
            self._endpoint.close()

    def _sleep(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise EndpointError("the reading was stopped")

    def _parsed(self, prompt: Prompt, answer: str) -> list[object]:
        try:
            return parse_answer(answer)
        except AnswerError as error:
            raise AnswerError(error.what, where=prompt.name, mend=error.mend) from error

    def _answers(self, asked: list[Prompt]) -> list[str]:
        """Return the answers in the order of the prompts, whichever came first."""
        if self._pool is None:
            return self._replayed(asked)
        if self._stopping.is_set():
            raise StoppedError("the model is not asked any more", mend="Make the coder anew")
        waiting: list[Future[str]] = [self._pool.submit(self._answer, one) for one in asked]
        try:
            return [future.result() for future in waiting]
        finally:
            for future in waiting:
                future.cancel()

    def _replayed(self, asked: list[Prompt]) -> list[str]:
        folder, record = self._settings.replay, self._settings.record
        if record is not None:
            for prompt in asked:
                record_prompt(record, prompt)
        if folder is None:
            raise UnansweredError(
                f"its {len(asked)} prompts were recorded and nobody was asked",
                mend="Answer them, then read it with --llm-replay",
            )
        answers: list[str] = []
        missing: list[str] = []
        for prompt in asked:
            answer = find_answer(folder, prompt)
            if answer is None:
                missing.append(answer_path(folder, prompt).name)
            else:
                answers.append(answer)
                self.tally.answered("replayed")
        if missing:
            more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
            raise UnansweredError(
                f"there is no answer {', '.join(missing[:_NAMED])}{more} in {folder}",
                mend="Record its prompts anew with --llm-record, and answer them",
            )
        return answers

    def _answer(self, prompt: Prompt) -> str:
        """Return an answer from the cache, or ask for it, keep it, and record it."""
        record = self._settings.record
        if record is not None:
            record_prompt(record, prompt)
        answer = self._cache.get(prompt) if self._cache is not None else None
        if answer is not None:
            self.tally.answered("cached")
        else:
            answer = self._ask(prompt).text
            # What is no answer is not kept: asking again may bring a better one.
            self._parsed(prompt, answer)
            if self._cache is not None:
                self._cache.put(prompt, answer)
        if record is not None:
            record_answer(record, prompt, answer)
        return answer

    def _ask(self, prompt: Prompt) -> Reply:
        if self._endpoint is None or self._stopping.is_set():
            raise EndpointError("the reading was stopped")
        limit = self._settings.answer_tokens
        most = Spent(guess_tokens(prompt.system) + guess_tokens(prompt.user), limit)
        self._budget.reserve(most)
        spent: Spent | None = None
        try:
            reply = self._endpoint.ask(prompt.system, prompt.user)
            spent = reply.spent
        finally:
            self._budget.settle(most, spent)
        self.tally.answered("asked")
        if reply.truncated:
            raise AnswerError(
                f"the answer broke off after {reply.spent.answers:,} tokens",
                where=prompt.name,
                mend="Lower --llm-chunk, or raise --llm-answer-tokens",
            )
        return reply


def llm_coder(settings: LlmSettings) -> Coder:
    """Return the coder of a model. Close its session when it is not needed any more.

    Raises UsageError where neither a server nor a folder of answers is named.
    """
    if settings.url is None and settings.replay is None and settings.record is None:
        raise UsageError(
            "there is no model to ask",
            where="--coder llm",
            mend="Name a server with --llm-url, or a folder of answers with --llm-replay",
        )
    reader = LlmReader(settings)
    parts = [digest_of("llm", "quantities", "text", "data"), prompt_version()]
    parts += [settings.model or "", str(settings.chunk)]
    if settings.replay is not None:
        parts.append(answers_digest(settings.replay))
    version = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    workers = settings.concurrency if settings.url is not None else 1
    return Coder("llm", version, reader.read, workers, reader)
