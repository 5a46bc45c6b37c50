"""What waits for me: notices of both desks, the count beside the bell, and the way from a letter to its ticket."""
