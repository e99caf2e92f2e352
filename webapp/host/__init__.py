"""The one machine that `xueji run` runs on: its data folder, its PostgreSQL, and the processes it keeps alive."""
