"""The whole platform on one machine, from Python packages alone: what stands behind `./pass`."""
