"""Where articles come from: files, feeds, pages and coded event tables."""
