"""Subcommands of `xueji`, each beside the use case it calls; `webapp.cli` registers them."""
