"""How Sphinx makes the site: ``make site``.

The source folder is the repository, so that links between pages are the same files on the site as
in a checkout. Nothing on the pages comes from elsewhere: fonts are the reader's own, the search
runs in the browser, pictures lie beside the pages. So formulas are words and signs: what would
typeset them is a program from elsewhere.
"""

from __future__ import annotations

import warnings

from lookalike import __version__

# How Sphinx's own extensions are written is not for these pages to mend.
warnings.filterwarnings("ignore", category=DeprecationWarning)

project = "lookalike"
author = "the lookalike authors"
project_copyright = f"{author}, Apache-2.0"
version = release = __version__

root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "deploy/*/README.md",
    "recipes/*/README.md",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "MODELS.md",
    "README.md",
]
# Walked over, these would take longer than the pages.
exclude_patterns = [".*", "build", "dist", "src", "tests", "benchmarks/results", "**/__pycache__"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

language = "en"
# Help texts quote conditions, which must be typed with straight quotation marks.
smartquotes = False
templates_path: list[str] = []
html_theme = "furo"
html_title = f"lookalike {__version__}"
html_baseurl = ""
html_extra_path = ["site_front"]
html_show_sphinx = False
html_copy_source = False
html_static_path = ["site_style"]
html_css_files = ["house.css"]
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1d5fa8", "color-brand-content": "#1d5fa8"},
    "dark_css_variables": {"color-brand-primary": "#7fb2e8", "color-brand-content": "#7fb2e8"},
}
pygments_style = "default"
