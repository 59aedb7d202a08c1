"""``python -m tiaowen`` is the command ``tiaowen``."""

from tiaowen.apps.cli import main

if __name__ == "__main__":
    main()
