"""A cluster with every box in its place: columns from inputs to results, lines gathered.

All that draws on one box hangs on one trunk that runs from column to column, so that a line
can be followed. What is worked out for each element of a collection (每项) stands in a band
of its own below the rest; lines that leave it run above. No two boxes overlap, and no line
runs behind a box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import define, field, frozen

from tiaowen.review.graph_drawing.faces import Face
from tiaowen.review.graph_drawing.model import Box, Cluster, Edge
from tiaowen.review.graph_drawing.ordering import Columns
from tiaowen.review.graph_drawing.placing import placed
from tiaowen.review.graph_drawing.ranking import forward, ranked

GAP = 64.0
_HALF_GAPS = {"box": 8.0, "stack": 3.5, "output": 3.0, "lane": 3.5}
_LANE = 1.0
_BAND_GAP = 44.0
_STACKED = 2.5


@frozen
class Rect:
    """A box's place: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@frozen
class Strand:
    """A stretch of a trunk from (x1, y1) to (x2, y2), level at both ends.

    ``sources`` are the boxes the trunk comes from, ``targets`` those it leads to by this
    stretch; ``ends`` says that it arrives at a box, ``turned`` that it runs right to left.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    x1: float
    y1: float
    x2: float
    y2: float
    ends: bool
    turned: bool
    lit: bool | None
    weak: bool


@frozen
class Layout:
    """``bands`` are the rectangles of collections' quantities, by collection; ``stacks`` those of
    inputs that share one trunk."""

    boxes: Mapping[str, Rect]
    strands: tuple[Strand, ...]
    bands: Mapping[str, Rect]
    stacks: tuple[Rect, ...]
    width: float
    height: float


@define
class _Item:
    """What takes a place in a column: a box, a stack of inputs, or a trunk passing."""

    id: str
    rank: int
    band: int
    kind: str
    height: float
    boxes: tuple[str, ...] = ()


@define
class _Trunk:
    """From one item over a lane in each column to the items that hang on it."""

    source: str
    turned: bool
    targets: dict[str, list[Edge]] = field(factory=dict)


def laid_out(cluster: Cluster, faces: Mapping[str, Face]) -> Layout:
    """Places for ``cluster``, whose boxes have ``faces``."""
    return _Layout(cluster, faces).made()


@define
class _Layout:
    cluster: Cluster
    faces: Mapping[str, Face]
    items: dict[str, _Item] = field(factory=dict)
    item_of: dict[str, str] = field(factory=dict)
    trunks: dict[tuple[str, bool], _Trunk] = field(factory=dict)
    links: list[tuple[str, str]] = field(factory=list)
    reach: dict[int, int] = field(factory=dict)

    def made(self) -> Layout:
        levels = list(dict.fromkeys(b.level for b in self.cluster.boxes if b.level))
        bands = {level: number for number, level in enumerate(["", *levels])}
        self._stack(bands)
        self._hang()
        columns = self._columns()
        middles = self._middles(columns)
        return self._drawn(columns, middles, levels)

    # --- items

    def _stack(self, bands: Mapping[str, int]) -> None:
        """Items of the boxes: inputs that lead to the same boxes share one."""
        targets: dict[str, list[str]] = {}
        for edge in self.cluster.edges:
            targets.setdefault(edge.source, []).append(edge.target)
        stacks: dict[tuple[object, ...], list[Box]] = {}
        for box in self.cluster.boxes:
            alone: tuple[object, ...] = (box.id,)
            together = (box.kind, box.level, tuple(sorted(targets.get(box.id, ()))))
            stacks.setdefault(together if box.is_input else alone, []).append(box)
        for boxes in stacks.values():
            first = boxes[0]
            kind = "stack" if first.is_input else "output" if first.kind == "output" else "box"
            height = sum(self.faces[b.id].height + _STACKED for b in boxes) - _STACKED
            identity = f"{kind} {first.id}"
            self.items[identity] = _Item(identity, 0, bands[first.level], kind, height,
                                         tuple(b.id for b in boxes))  # fmt: skip
            self.item_of.update({b.id: identity for b in boxes})

    def _hang(self) -> None:
        """Columns for the items, trunks for the edges, lanes for the trunks."""
        edges: dict[tuple[str, str], list[Edge]] = {}
        for edge in self.cluster.edges:
            pair = self.item_of[edge.source], self.item_of[edge.target]
            edges.setdefault(pair, []).append(edge)
        straight = forward(list(self.items), edges)
        kinds = {kind: frozenset(i.id for i in self.items.values() if i.kind == kind)
                 for kind in ("stack", "output")}  # fmt: skip
        ranks = ranked(list(self.items), [(s, t) for s, t, _ in straight],
                       kinds["stack"], kinds["output"])  # fmt: skip
        for identity, rank in ranks.items():
            self.items[identity].rank = rank
        for source, target, turned in straight:
            trunk = self.trunks.setdefault((source, turned), _Trunk(source, turned))
            trunk.targets[target] = edges[(target, source) if turned else (source, target)]
        for item in self.items.values():
            self.reach[item.band] = max(self.reach.get(item.band, 0), item.rank)
        for trunk in self.trunks.values():
            self._lanes(trunk)

    def _lanes(self, trunk: _Trunk) -> None:
        start = self.items[trunk.source]
        end = max(self.items[t].rank for t in trunk.targets)
        before = start.id
        for rank in range(start.rank + 1, end):
            lane = _lane(trunk, rank)
            band = start.band if rank <= self.reach[start.band] else 0
            self.items[lane] = _Item(lane, rank, band, "lane", _LANE)
            self.links.append((before, lane))
            before = lane
        for target in trunk.targets:
            self.links.append((self._before(trunk, target), target))

    def _before(self, trunk: _Trunk, target: str) -> str:
        """The item of ``trunk`` in the column before ``target``."""
        rank = self.items[target].rank - 1
        return trunk.source if rank <= self.items[trunk.source].rank else _lane(trunk, rank)

    # --- places

    def _columns(self) -> list[list[str]]:
        count = max((item.rank for item in self.items.values()), default=0) + 1
        columns: list[list[str]] = [[] for _ in range(count)]
        for item in self.items.values():
            columns[item.rank].append(item.id)
        left: dict[str, list[str]] = {}
        right: dict[str, list[str]] = {}
        for source, target in self.links:
            right.setdefault(source, []).append(target)
            left.setdefault(target, []).append(source)
        outputs = any(item.kind == "output" for item in self.items.values())
        fixed = frozenset({count - 1} if outputs else ())
        bands = {item.id: item.band for item in self.items.values()}
        return Columns(columns, left, right, bands, fixed).arranged()

    def _middles(self, columns: list[list[str]]) -> dict[str, float]:
        """The middle of every item, band under band."""
        heights = {i.id: i.height for i in self.items.values()}
        gaps = {i.id: _HALF_GAPS[i.kind] for i in self.items.values()}
        pulls: dict[str, list[tuple[str, float]]] = {}
        for source, target in self.links:
            if self.items[source].band == self.items[target].band:
                weight = self._strength(source, target)
                pulls.setdefault(source, []).append((target, weight))
                pulls.setdefault(target, []).append((source, weight))
        middles: dict[str, float] = {}
        top = 0.0
        for band in sorted({item.band for item in self.items.values()}):
            members = [[i for i in c if self.items[i].band == band] for c in columns]
            found = placed(members, heights, gaps, pulls)
            shift = top - min(found[i] - heights[i] / 2 for i in found)
            middles.update({i: y + shift for i, y in found.items()})
            top = max(middles[i] + heights[i] / 2 for i in found) + _BAND_GAP
        return middles

    def _strength(self, source: str, target: str) -> float:
        lanes = (self.items[source].kind == "lane") + (self.items[target].kind == "lane")
        result = self.items[target].kind == "output"
        return (1.0, 2.5, 8.0)[lanes] * (0.4 if result else 1.0)

    def _drawn(self, columns: list[list[str]], middles: Mapping[str, float],
               levels: Iterable[str]) -> Layout:  # fmt: skip
        widths = [
            max((self.faces[b].width for i in column for b in self.items[i].boxes), default=20.0)
            for column in columns
        ]
        lefts = [sum(widths[:n]) + GAP * n for n in range(len(columns))]
        boxes = dict(self._rects(columns, middles, lefts, widths))
        strands = tuple(self._strands(middles, lefts, widths))
        by_level = {
            level: _around([boxes[b.id] for b in self.cluster.boxes if b.level == level])
            for level in levels
        }
        height = max((rect.bottom for rect in boxes.values()), default=0.0)
        stacks = tuple(
            _around([boxes[b] for b in item.boxes])
            for item in self.items.values() if len(item.boxes) > 1
        )  # fmt: skip
        return Layout(boxes, strands, by_level, stacks, lefts[-1] + widths[-1], height)

    def _rects(self, columns: list[list[str]], middles: Mapping[str, float],
               lefts: list[float], widths: list[float]) -> Iterator[tuple[str, Rect]]:  # fmt: skip
        for number, column in enumerate(columns):
            for item in (self.items[i] for i in column):
                top = middles[item.id] - item.height / 2
                for box in item.boxes:
                    height = self.faces[box].height
                    yield box, Rect(lefts[number], top, widths[number], height)
                    top += height + _STACKED

    def _strands(self, middles: Mapping[str, float], lefts: list[float],
                 widths: list[float]) -> Iterator[Strand]:  # fmt: skip
        ports = self._ports(middles)
        for trunk in self.trunks.values():
            start = self.items[trunk.source]
            end = max(self.items[t].rank for t in trunk.targets)
            x, y = lefts[start.rank] + widths[start.rank], middles[start.id]
            for rank in range(start.rank + 1, end + 1):
                here = [t for t in trunk.targets if self.items[t].rank == rank]
                for target in here:
                    yield self._strand(trunk, [target], x, y, lefts[rank],
                                       ports[trunk.source, trunk.turned, target], True)  # fmt: skip
                further = [t for t in trunk.targets if self.items[t].rank > rank]
                if further:
                    lane = middles[_lane(trunk, rank)]
                    yield self._strand(trunk, further, x, y, lefts[rank], lane, False)
                    yield self._strand(trunk, further, lefts[rank], lane,
                                       lefts[rank] + widths[rank], lane, False)  # fmt: skip
                    x, y = lefts[rank] + widths[rank], lane

    def _strand(self, trunk: _Trunk, targets: list[str], x1: float, y1: float, x2: float,
                y2: float, ends: bool) -> Strand:  # fmt: skip
        edges = [e for t in targets for e in trunk.targets[t]]
        lit = None if all(e.lit is None for e in edges) else any(e.lit for e in edges)
        weak = all(e.kind == "result" for e in edges)
        sources = tuple(dict.fromkeys(e.source for e in edges))
        reached = tuple(dict.fromkeys(e.target for e in edges))
        return Strand(sources, reached, x1, y1, x2, y2, ends, trunk.turned, lit, weak)

    def _ports(self, middles: Mapping[str, float]) -> dict[tuple[str, bool, str], float]:
        """Where each line arrives on the left side of its box, in the order it comes."""
        arriving: dict[str, list[tuple[float, str, bool]]] = {}
        for trunk in self.trunks.values():
            for target in trunk.targets:
                y = middles[self._before(trunk, target)]
                arriving.setdefault(target, []).append((y, trunk.source, trunk.turned))
        ports: dict[tuple[str, bool, str], float] = {}
        for target, lines in arriving.items():
            item = self.items[target]
            step = min(9.0, (item.height - 12) / max(len(lines), 1))
            top = middles[target] - step * (len(lines) - 1) / 2
            for number, (_, source, turned) in enumerate(sorted(lines)):
                ports[source, turned, target] = top + number * step
        return ports


def _lane(trunk: _Trunk, rank: int) -> str:
    return f"lane {rank} {'back ' if trunk.turned else ''}{trunk.source}"


def _around(rects: list[Rect]) -> Rect:
    left, top = min(r.x for r in rects), min(r.y for r in rects)
    right, bottom = max(r.right for r in rects), max(r.bottom for r in rects)
    return Rect(left, top, right - left, bottom - top)
