"""What a FIT file says beside its sessions."""
