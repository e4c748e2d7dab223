"""What an entry tells without anyone having written it down: commands, links, pairs, versions, times."""
