"""The command line as people and scripts meet it: real SQLite files, exit codes, both streams."""
