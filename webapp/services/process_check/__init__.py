"""May a process be published? Its words, its soundness, and its way through every office of the country."""
