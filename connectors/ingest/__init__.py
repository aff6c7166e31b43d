"""From what people hand over to what the store keeps."""
