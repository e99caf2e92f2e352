"""What people may type: forms that check it before any use case sees it."""
