"""What each subcommand of `heelwise` does; one module for each, imported when it is asked for."""
