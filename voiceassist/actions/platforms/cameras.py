"""Screenshots on systems where any program may read the screen: X11, Windows."""

from __future__ import annotations

from collections.abc import Callable

from voiceassist.actions.windows import WindowManager, others
from voiceassist.errors import ActionError


class ScreenCamera:
    """Reads the picture from the screen itself."""

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
        windows = others(manager.windows())
        if not windows:
            raise ActionError("no window is open", hint="take a picture of the screen instead")
        return _grab(manager.area(windows[-1]))


def _grab(area: tuple[int, int, int, int] | None) -> bytes:
    import mss  # noqa: PLC0415 - only this command needs it
    import mss.tools  # noqa: PLC0415

    try:
        with mss.MSS() as screen:
            whole = screen.monitors[0]
            picture = screen.grab(whole if area is None else _inside(area, whole))
            png = mss.tools.to_png(picture.rgb, picture.size)
    except mss.ScreenShotError as error:
        raise ActionError(
            f"the screen cannot be read: {error}", hint="take a picture with the desktop's own tool"
        ) from error
    if png is None:
        raise ActionError("the screen gave no picture", hint="try again")
    return png


def _inside(area: tuple[int, int, int, int], whole: dict[str, int]) -> dict[str, int]:
    """The part of an area that is on the screen."""
    x, y, width, height = area
    left, top = max(x, whole["left"]), max(y, whole["top"])
    right = min(x + width, whole["left"] + whole["width"])
    bottom = min(y + height, whole["top"] + whole["height"])
    if right <= left or bottom <= top:
        raise ActionError("that window is not on the screen", hint="bring it back onto the screen first")
    return {"left": left, "top": top, "width": right - left, "height": bottom - top}
