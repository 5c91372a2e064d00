"""A process that seals in pieces of ten and hangs within its third: to be killed there."""

from __future__ import annotations

import os
import signal

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hovedindgang.site.settings")
    django.setup()
    from hovedindgang.kernel import seals

    seals.PIECE = 10
    write, written = seals._write, []

    def hangs_after_the_third(*args: object, **kwargs: object) -> object:
        made = write(*args, **kwargs)  # type: ignore[arg-type]
        written.append(made)
        if len(written) == 3:
            print("at work", flush=True)
            signal.pause()
        return made

    seals._write = hangs_after_the_third  # type: ignore[assignment]
    seals.seal_events()


if __name__ == "__main__":
    main()
