"""Screenshots on systems where any program may read the screen: X11, Windows."""

from __future__ import annotations

from collections.abc import Callable

from voiceassist.actions.windows import Area, WindowManager, intersection, without_own
from voiceassist.errors import ActionError, reason_of


class ScreenCamera:
    """Captures the screen directly."""

    def __init__(self, find_manager: Callable[[], WindowManager]) -> None:
        self._find_manager = find_manager

    def screen(self) -> bytes:
        """All monitors together as PNG.

        Raises:
            ActionError: there is no screen to read.
        """
        return _grab(None)

    def window(self) -> bytes:
        """The visible part of the active window as PNG.

        Raises:
            ActionError: there is no active window, or its position is unknown.
        """
        manager = self._find_manager()
        windows = without_own(manager.windows())
        if not windows:
            raise ActionError("no window is open", hint="take a screenshot of the whole screen instead")
        return _grab(manager.area(windows[-1]))


def _grab(area: Area | None) -> bytes:
    """The visible part of an area, or all monitors together, as PNG."""
    import mss  # noqa: PLC0415 - only this command needs it
    import mss.tools  # noqa: PLC0415

    try:
        with mss.MSS() as screen:
            left, top, width, height = (screen.monitors[0][key] for key in ("left", "top", "width", "height"))
            visible = intersection(area or (left, top, width, height), (left, top, width, height))
            if visible is None:
                raise ActionError("that window is not on the screen", hint="move it back onto the screen first")
            left, top, width, height = visible
            picture = screen.grab({"left": left, "top": top, "width": width, "height": height})
            png = mss.tools.to_png(picture.rgb, picture.size)
    except mss.ScreenShotError as error:
        raise ActionError(
            f"the screen cannot be captured: {reason_of(error)}", hint="take a screenshot with the desktop's own tool"
        ) from error
    if png is None:
        raise ActionError("the screen capture is empty", hint="try again")
    return png
