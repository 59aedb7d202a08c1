"""Options of a batch that say where it runs: on this machine, or on a cluster of Spark's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tiaowen.apps.cli.options import Decorator, every
from tiaowen.apps.cli.output import Terminal
from tiaowen.apps.cli.speaking import OneOf
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.engine.cluster.session import Cluster

ENGINES = ("local", "spark")


def cluster_options(say: Say) -> Decorator:
    """``--engine --master --conf``: where a batch is settled."""
    return every(
        click.option("--engine", type=OneOf(say, ENGINES), default=ENGINES[0],
                     metavar="|".join(ENGINES),
                     help=say("在本机还是在 Spark 集群上结算",
                              "settle on this machine or on Spark")),
        click.option("--master", default="", metavar="URL",
                     help=say("Spark 主节点：spark://主机:端口、yarn、local[2]（默认本机）",
                              "Spark's master: spark://host:port, yarn, local[2] (this machine)")),
        click.option("--conf", "settings", multiple=True, metavar=say("键=值", "KEY=VALUE"),
                     help=say("Spark 的设置，可多次", "a setting of Spark's, may be repeated")),
    )  # fmt: skip


def cluster_of(engine: str, master: str, settings: Sequence[str],
               terminal: Terminal) -> Cluster | None:  # fmt: skip
    """The cluster that the options name; None for this machine."""
    if engine == "local":
        if master or settings:
            option = "--master" if master else "--conf"
            said = terminal.say(
                f"{option} 要与 --engine spark 同用", f"{option} goes with --engine spark"
            )
            raise click.UsageError(said)
        return None
    from tiaowen.engine.cluster.session import Cluster

    found: dict[str, str] = {}
    for written in settings:
        key, equals, value = (part.strip() for part in written.partition("="))
        if not (key and equals):
            zh, en = f"“{written}”不是 键=值", f"“{written}” is not KEY=VALUE"
            raise click.UsageError(terminal.say(zh, en))
        found[key] = value
    return Cluster(master or "local[*]", found)
