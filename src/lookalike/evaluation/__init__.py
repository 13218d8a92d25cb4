"""How well it works: raw scores are stored first, figures are derived from them later."""
