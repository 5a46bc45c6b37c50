"""The application: the only room that knows HTTP, HTML and the queue."""
