/* The same loops as in programs.py, for gcc -O3 -march=native: what a compiled loop can reach. */

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int64_t primes(int64_t limit, uint8_t *restrict numbers, int64_t *restrict found)
{
    memset(numbers, 1, limit);
    for (int64_t i = 2; i < limit; i++) {
        if (numbers[i] == 0)
            continue;
        for (int64_t x = i + i; x < limit; x += i)
            numbers[x] = 0;
    }
    int64_t count = 0;
    for (int64_t i = 2; i < limit; i++)
        if (numbers[i])
            found[count++] = i;
    return count;
}

static int64_t mandel(double x, double y, int64_t max_iters)
{
    double re = 0.0, im = 0.0;
    for (int64_t i = 0; i < max_iters; i++) {
        double next = re * re - im * im + x;
        im = re * im + im * re + y;
        re = next;
        if (re * re + im * im >= 4)
            return i;
    }
    return 255;
}

void create_fractal(double min_x, double max_x, double min_y, double max_y, uint8_t *image,
                    int64_t height, int64_t width, int64_t iters)
{
    double pixel_size_x = (max_x - min_x) / width, pixel_size_y = (max_y - min_y) / height;
    for (int64_t x = 0; x < width; x++) {
        double real = min_x + x * pixel_size_x;
        for (int64_t y = 0; y < height; y++)
            image[y * width + x] = mandel(real, min_y + y * pixel_size_y, iters);
    }
}

void fused(const double *a, const double *b, const double *c, double *restrict out, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = sqrt(a[i] * a[i] + b[i] * b[i]) * 2.0 - fabs(c[i] - a[i]) / (1.0 + b[i] * b[i]);
}

void matmul(const double *a, const double *b, double *out, int64_t rows, int64_t inner,
            int64_t columns)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            double total = 0.0;
            for (int64_t k = 0; k < inner; k++)
                total += a[i * inner + k] * b[k * columns + j];
            out[i * columns + j] = total;
        }
}

double loop_sum(const double *a, int64_t n)
{
    double total = 0.0;
    for (int64_t i = 0; i < n; i++)
        total += a[i];
    return total;
}

double loop_dot(const double *a, const double *b, int64_t n)
{
    double total = 0.0;
    for (int64_t i = 0; i < n; i++)
        total += a[i] * b[i];
    return total;
}

void saxpy(double alpha, const double *x, const double *y, double *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = alpha * x[i] + y[i];
}

void loop_exp(const double *a, double *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = exp(a[i]);
}

void nbody(double *position, double *velocity, const double *mass, double dt, int64_t n,
           int64_t steps)
{
    for (int64_t step = 0; step < steps; step++) {
        for (int64_t i = 0; i < n; i++) {
            double ax = 0.0, ay = 0.0, az = 0.0;
            for (int64_t j = 0; j < n; j++) {
                double dx = position[3 * j] - position[3 * i];
                double dy = position[3 * j + 1] - position[3 * i + 1];
                double dz = position[3 * j + 2] - position[3 * i + 2];
                double square = dx * dx + dy * dy + dz * dz + 1e-9;
                double scale = mass[j] / (square * sqrt(square));
                ax += dx * scale;
                ay += dy * scale;
                az += dz * scale;
            }
            velocity[3 * i] += ax * dt;
            velocity[3 * i + 1] += ay * dt;
            velocity[3 * i + 2] += az * dt;
        }
        for (int64_t i = 0; i < 3 * n; i++)
            position[i] += velocity[i] * dt;
    }
}

static double normal_distribution(double d)
{
    double k = 1.0 / (1.0 + 0.2316419 * fabs(d));
    double series = k * (0.31938153 + k * (-0.356563782 + k * (1.781477937
                    + k * (-1.821255978 + k * 1.330274429))));
    double tail = 0.39894228040143267794 * exp(-0.5 * d * d) * series;
    return d > 0.0 ? 1.0 - tail : tail;
}

void black_scholes(const double *price, const double *strike, const double *years, double rate,
                   double volatility, double *call, double *put, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        double root = sqrt(years[i]), spread = volatility * root;
        double d1 = (log(price[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i])
                    / spread;
        double d2 = d1 - spread;
        double n1 = normal_distribution(d1), n2 = normal_distribution(d2);
        double discounted = strike[i] * exp(-rate * years[i]);
        call[i] = price[i] * n1 - discounted * n2;
        put[i] = discounted * (1.0 - n2) - price[i] * (1.0 - n1);
    }
}
