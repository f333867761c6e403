"""The dashboard as people meet it: in a Chromium, by mouse, by keyboard, on a phone, with and without script."""
