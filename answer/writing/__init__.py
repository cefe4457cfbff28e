"""What writes drafts: models in a process of their own, or on a server of this machine."""
