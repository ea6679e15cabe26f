"""What a script of checks saw, line by line."""


class Checks:
    def __init__(self):
        self.failed = 0

    def see(self, is_right, what, seen=""):
        """Prints one check with what was seen, and counts it if it failed."""
        self.failed += not is_right
        print(f"{'ok  ' if is_right else 'FAIL'} {what}{': ' if seen else ''}{seen}", flush=True)
