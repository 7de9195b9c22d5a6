"""The processor that this process runs on."""
