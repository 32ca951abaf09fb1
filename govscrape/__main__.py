"""`python -m govscrape`: the command line."""

from govscrape.cli import main

main()
