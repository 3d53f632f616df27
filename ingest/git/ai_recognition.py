"""AI recognition: find the names on a commit that are those of an AI or of a bot, by their marks.

The addresses are those that the tools themselves write (Claude Code, GitHub Copilot, Cursor, Devin,
aider, Codex, Gemini, Jules, OpenHands, Amp, opencode, Crush, Warp, Qwen Code). A name that carries
none of the marks is just a name: its owner was not recorded.
"""

import re
from dataclasses import dataclass
from typing import Final

from graph.model.vocabulary import AgentNature


@dataclass(frozen=True, slots=True)
class Machine:
    """AI or bot; `model` and `tool` as the name states them."""

    nature: AgentNature
    model: str | None = None
    tool: str | None = None


_AI_ADDRESSES: Final = frozenset(
    {
        "noreply@anthropic.com",
        "cursoragent@cursor.com",
        "copilot@github.com",
        "noreply@aider.chat",
        "aider@aider.chat",
        "codex@openai.com",
        "noreply@openai.com",
        "openhands@all-hands.dev",
        "amp@ampcode.com",
        "noreply@opencode.ai",
        "crush@charm.land",
        "agent@warp.dev",
        "qwen-coder@alibabacloud.com",
    }
)
_AI_LOGINS: Final = frozenset(
    {
        "anthropic-code-agent[bot]",
        "chatgpt-codex-connector[bot]",
        "claude[bot]",
        "coderabbitai[bot]",
        "copilot",
        "copilot-swe-agent[bot]",
        "cursor[bot]",
        "devin-ai-integration[bot]",
        "factory-droid[bot]",
        "gemini-cli",
        "gemini-code-assist[bot]",
        "google-labs-jules[bot]",
        "openai-code-agent[bot]",
        "openhands-agent",
        "sweep-ai[bot]",
    }
)
_NO_REPLY: Final = re.compile(r"(?:\d+\+)?([^@+\s]+)@users\.noreply\.github\.com", re.IGNORECASE)
# Names that no person has: a product with its version, or a product of two words.
_AI_NAMES: Final = re.compile(
    r"claude (?:opus|sonnet|haiku|fable|code|\d).*|claude-(?:opus|sonnet|haiku|\d).*|gpt-\d.*"
    r"|gemini (?:\d|cli|code assist).*|gemini-\d.*|github copilot.*|copilot swe agent"
    r"|cursor agent|devin ai|openai codex|codex cli|aider(?: \(.+\))?|openhands",
    re.IGNORECASE,
)
_AIDER: Final = re.compile(r"aider \((.+)\)", re.IGNORECASE)
_TOOLS: Final = re.compile(
    r"(?:claude code|github copilot|cursor(?: agent)?|codex(?: cli)?|gemini(?: cli| code assist)?"
    r"|aider|opencode|amp|devin|windsurf|crush|jules|openhands|warp|qwen code|factory droid"
    r"|claude|copilot|chatgpt|continue|cline|roo code)(?: v?\d[\w.]*)?",
    re.IGNORECASE,
)


def recognise(name: str, address: str | None) -> Machine | None:
    """Return the machine behind a name and its address, `None` where nothing marks one."""
    login = _NO_REPLY.fullmatch(address) if address else None
    is_ai = (
        (address is not None and address.lower() in _AI_ADDRESSES)
        or (login is not None and login[1].lower() in _AI_LOGINS)
        or name.lower() in _AI_LOGINS
        or _AI_NAMES.fullmatch(name) is not None
    )
    if is_ai:
        return ai_from_name(name)
    return Machine(AgentNature.SOFTWARE) if name.endswith("[bot]") else None


def ai_from_name(name: str) -> Machine:
    """Return the AI of a name: its model where the name has a version in it (`Claude Opus 4.5`)."""
    aider = _AIDER.fullmatch(name)
    if aider:
        return Machine(AgentNature.AI, model=aider[1], tool="aider")
    agent, colon, model = name.partition(":")
    if colon and agent and model:  # the form of the Linux kernel's Assisted-by: AGENT:MODEL
        return Machine(AgentNature.AI, model=model.strip(), tool=agent.strip())
    has_model = any(sign.isdigit() for sign in name) and not name.endswith("[bot]")
    return Machine(AgentNature.AI, model=name if has_model else None)


def is_ai_tool(name: str) -> bool:
    """Return whether this is the name of a tool that writes with an AI: `Claude Code`, not `protoc`."""
    return _TOOLS.fullmatch(name) is not None
