# Values that R's spdep gives on the three maps of tests/stats/peers.py, for the tests to compare with.
#
#   Rscript scripts/spdep_values.R
#
# writes tests/stats/spdep_local.csv (one row per area with a neighbour) and tests/stats/spdep_global.csv.
# Debian: apt-get install --no-install-recommends r-cran-spdep. Only shipped files and formulas are read.
# localmoran_perm of this version draws the neighbours with replacement, for which the tests allow; localG_perm
# draws the same numbers and gives the same p.

suppressPackageStartupMessages(library(spdep))
NSIM <- 99999
SEED <- 1

# The maps: areas, events, population, value, member, pairs ----------------------------------------------------

read <- function(...) read.csv(file.path(...), colClasses = c(cut = "character"))
chile <- function() {
  areas <- read("boundaries", "communes.csv")$cut
  cases <- subset(read("data", "dmcs.csv"), year == 2016)
  people <- subset(read("data", "population_ine2002.csv"), year == 2016)
  pairs <- read.csv(file.path("boundaries", "contiguity.csv"), colClasses = "character")
  list(
    area = areas,
    events = cases$cases[match(areas, cases$cut)],
    population = people$population[match(areas, people$cut)],
    first = match(pairs$cut_a, areas), second = match(pairs$cut_b, areas)
  )
}

rates <- function() {
  map <- chile()
  map$value <- map$events / map$population
  map$member <- 100 * map$events > 4 * map$population
  map
}

tied <- function() {
  map <- chile()
  map$events <- map$events %/% 1000
  map$value <- as.numeric(map$events)
  map$member <- map$events >= 1
  map
}

# Blocks of five by five squares with holes, three squares of water between them, an islet where channels cross.
islands <- function() {
  place <- expand.grid(c = 0:23, r = 0:15)
  r <- place$r; c <- place$c
  block <- r %% 8 < 5 & c %% 8 < 5 & (r * r + 3 * c * c + r * c) %% 11 != 1
  islet <- r %% 8 == 6 & c %% 8 == 6
  r <- r[block | islet]; c <- c[block | islet]
  touch <- outer(r, r, function(a, b) abs(a - b)) <= 1 & outer(c, c, function(a, b) abs(a - b)) <= 1
  pairs <- which(touch & upper.tri(touch), arr.ind = TRUE)
  value <- 10 * (r %/% 8 + c %/% 8) + ((37 * r + 101 * c + 13 * r * c) %% 97) / 7
  population <- 1000 + 977 * ((31 * r + 17 * c) %% 89)
  list(
    area = sprintf("%02d-%02d", r, c), events = floor(population * (20 + value) / 10000),
    population = population, value = value, member = value > 30,
    first = pairs[, 1], second = pairs[, 2]
  )
}

# What spdep makes of one ---------------------------------------------------------------------------------------

with_neighbours <- function(map) {
  inside <- sort(unique(c(map$first, map$second)))
  for (name in c("area", "events", "population", "value", "member")) map[[name]] <- map[[name]][inside]
  ends <- cbind(match(map$first, inside), match(map$second, inside))
  neighbours <- lapply(seq_along(inside), function(i) {
    sort(as.integer(c(ends[ends[, 1] == i, 2], ends[ends[, 2] == i, 1])))
  })
  attr(neighbours, "region.id") <- map$area
  class(neighbours) <- "nb"
  map$nb <- neighbours
  map
}

p_two_sided <- function(table) table[, grep("^Pr\\(z != .* Sim$", colnames(table))]

local_values <- function(name, map) {
  rows <- nb2listw(map$nb, style = "W")
  binary <- nb2listw(map$nb, style = "B")
  itself <- nb2listw(include.self(map$nb), style = "B")
  eb <- suppressMessages(EBImoran.mc(map$events, map$population, rows, nsim = 1))$z
  group <- factor(ifelse(map$member, "in", "out"))
  data.frame(
    map = name, area = map$area, events = map$events, population = map$population,
    moran = localmoran(map$value, rows)[, "Ii"],
    moran_eb = localmoran(eb, rows)[, "Ii"],
    g = as.numeric(localG(map$value, binary)),
    g_star = as.numeric(localG(map$value, itself)),
    joins = local_joincount_uni(group, "in", binary, nsim = 19, iseed = SEED)$BB,
    rate_eb = EBest(map$events, map$population, family = "poisson")$estmm,
    p = p_two_sided(localmoran_perm(map$value, rows, nsim = NSIM, iseed = SEED))
  )
}

global_values <- function(name, map) {
  rows <- nb2listw(map$nb, style = "W")
  binary <- nb2listw(map$nb, style = "B")
  group <- factor(ifelse(map$member, "in", "out"))
  eb <- suppressMessages(EBImoran.mc(map$events, map$population, rows, nsim = 1))$z
  row <- function(test, estimate) {
    data.frame(map = name, test = test, statistic = estimate[[1]], expected = estimate[[2]], variance = estimate[[3]])
  }
  rbind(
    row("moran", moran.test(map$value, rows)$estimate),
    row("moran_rate", moran.test(eb, rows)$estimate),
    row("geary", geary.test(map$value, rows)$estimate),
    row("general_g", globalG.test(map$value, binary)$estimate),
    row("join_count", joincount.test(group, binary)[[1]]$estimate)
  )
}

write <- function(table, file) {
  numbers <- sapply(table, is.double)
  table[numbers] <- lapply(table[numbers], function(x) formatC(x, digits = 15, format = "g", width = 1))
  said <- sprintf("# spdep %s, R %s; made by scripts/spdep_values.R", packageVersion("spdep"), getRversion())
  out <- file(file.path("tests", "analysis", file), "w")
  writeLines(said, out)
  write.csv(table, out, row.names = FALSE, quote = FALSE)
  close(out)
}

maps <- lapply(list(rates = rates(), tied = tied(), islands = islands()), with_neighbours)
write(do.call(rbind, Map(local_values, names(maps), maps)), "spdep_local.csv")
write(do.call(rbind, Map(global_values, names(maps), maps)), "spdep_global.csv")
