# Does the delay grow with the distance? A linear model in base R. The values arrive by template, the
# result leaves through PODLINE_OUTPUT.
distance <- c({{ inputs.sample | join(', ', 'distance') }})
delay <- c({{ inputs.sample | join(', ', 'delay') }})

model <- lm(delay ~ distance)
fit <- summary(model)
print(fit$coefficients)

cat(
  sprintf(
    '{"flights": %d, "minutesPer1000Miles": %.3f, "pValue": %.4f, "rSquared": %.5f}',
    length(delay), 1000 * coef(model)[["distance"]], fit$coefficients["distance", 4], fit$r.squared
  ),
  file = Sys.getenv("PODLINE_OUTPUT")
)
