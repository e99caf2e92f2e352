"""`python -m webapp` is `xueji`."""

from webapp.cli import main

main()
