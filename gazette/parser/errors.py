"""When a file is no gazette that can be read."""


class UnreadableGazette(ValueError):
    """Nothing usable; the message is a complete Chinese sentence, ``line`` where it was noticed."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(f"第 {line} 行：{message}" if line else message)
        self.line = line
