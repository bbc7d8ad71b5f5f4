"""`regulars start`: one command that looks after the web server, the loop and the worker of jobs."""
