"""The commands of the operator: `anshou run`, `worker`, `tenant`, `migrate`, `demo`."""
