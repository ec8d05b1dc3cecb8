"""Sending alerts through apprise or a Prefect notification block, and as Prefect events.

A channel ``desk`` is the address in DYADRISK_CHANNEL_DESK (any apprise URL: webhook,
e-mail, Slack, ...), else the Prefect block of that name. Addresses hold secrets: they
are never logged.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Final

from features.errors import ConfigError
from flows.alert_rules import Alert, Outbox
from flows.settings import channel_address

log = logging.getLogger(__name__)

EVENT_NAMES: Final = {
    "jump": "dyadrisk.risk.jumped",
    "level": "dyadrisk.risk.level-reached",
    "stale": "dyadrisk.source.stale",
    "late": "dyadrisk.run.late",
    "failed": "dyadrisk.run.failed",
}
_BLOCK_KINDS: Final = ("slack-webhook", "email", "webhook", "microsoft-teams-webhook", "custom")


def send(outbox: Outbox) -> bool:
    """Return whether the channel took the message; a failure is logged without its address."""
    address = channel_address(outbox.channel)
    try:
        done = _send_to(outbox, address)
    except Exception as err:
        log.warning("channel %s: not delivered, %s", outbox.channel, type(err).__name__)
        return False
    if not done:
        log.warning("channel %s: not delivered", outbox.channel)
    return done


def _send_to(outbox: Outbox, address: str | None) -> bool:
    if address is None:
        return _send_to_block(outbox)
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages name addresses
    target = Apprise()
    if not target.add(address):
        raise ConfigError(
            f"expected DYADRISK_CHANNEL_{outbox.channel.upper()} to hold an apprise URL,"
            " got something else"
        )
    return bool(target.notify(title=outbox.title, body=outbox.body))


def _send_to_block(outbox: Outbox) -> bool:
    from prefect.blocks.core import Block

    for kind in _BLOCK_KINDS:
        try:
            block: Any = Block.load(f"{kind}/{outbox.channel}")
        except ValueError:
            continue
        block.notify(body=outbox.body, subject=outbox.title)
        return True
    raise ConfigError(
        f"expected the channel {outbox.channel!r} in DYADRISK_CHANNEL_{outbox.channel.upper()}"
        " or as a Prefect notification block, got neither"
    )


def emit_events(alerts: Iterable[Alert]) -> None:
    """Emit each alert as a Prefect event, so that automations can act on it."""
    from prefect.events import emit_event

    for alert in alerts:
        kind = "dyad" if alert["prob"] is not None else alert["kind"]
        payload = {name: value for name, value in alert.items() if value is not None}
        emit_event(
            event=EVENT_NAMES[alert["kind"]],
            resource={
                "prefect.resource.id": f"dyadrisk.{kind}.{alert['subject']}",
                "prefect.resource.name": str(alert["subject"]),
                "dyadrisk.rule": alert["rule"],
                "dyadrisk.level": alert["level"] or "",
            },
            payload={**payload, "day": str(alert["day"])},
        )
