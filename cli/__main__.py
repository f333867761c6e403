"""`python -m cli` is `forthwith`."""

from cli import main

main()
