"""Takes the data sets of this folder from the packages that ship them, and writes `datasets.toml` with their digests.

    python3 -m venv venv && venv/bin/pip install statsmodels==0.15.0 vega_datasets==0.9.0
    venv/bin/python datasets/take.py datasets

Only data that is in the public domain by its publisher's word (works of the United States government, and series whose
packages say so) is taken. Values are copied as they are written in the package, unless `taken` says otherwise.
"""

import csv
import datetime
import hashlib
import json
import pathlib
import sys

import statsmodels.datasets
import vega_datasets

STATSMODELS = pathlib.Path(statsmodels.datasets.__file__).parent
VEGA = pathlib.Path(vega_datasets.__file__).parent / "_data"
STATED = "public domain, as the package states; distributed by the United States government (NOAA)"
SUNSPOTS = "counted in Zurich and, from 1981, in Brussels; distributed by the National Geophysical Data Center, NOAA"
NOAA = "public domain: a work of the United States government (NOAA)"


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sunspots_yearly():
    return ["ds", "y"], [(row["YEAR"], row["SUNACTIVITY"]) for row in rows(STATSMODELS / "sunspots/sunspots.csv")]


def sunspots_monthly():
    table = []
    for line in (STATSMODELS / "sunspots/src/sunspots_monthly.dat").read_text().splitlines():
        fields = line.split()
        if len(fields) == 13 and fields[0].isdigit():
            table += [(f"{fields[0]}-{month:02}-01", value) for month, value in enumerate(fields[1:], 1)]
    return ["ds", "y"], table


def nile():
    return ["ds", "y"], [(row["year"], row["volume"]) for row in rows(STATSMODELS / "nile/nile.csv")]


def co2_monthly():
    weeks = {}
    for row in rows(STATSMODELS / "co2/co2.csv"):
        year, month = row["date"][:4], row["date"][4:6]
        if row["co2"] and year >= "1965":
            weeks.setdefault(f"{year}-{month}-01", []).append(float(row["co2"]))
    return ["ds", "y"], [(month, f"{sum(values) / len(values):.2f}") for month, values in weeks.items()]


def el_nino():
    table = []
    for row in rows(STATSMODELS / "elnino/elnino.csv"):
        year, *months = row.values()
        table += [(f"{year}-{month:02}-01", value) for month, value in enumerate(months, 1)]
    return ["ds", "y"], table


def us_gdp():
    table = rows(STATSMODELS / "macrodata/macrodata.csv")
    return ["ds", "y"], [(f"{row['year']}-{int(row['quarter']) * 3 - 2:02}-01", row["realgdp"]) for row in table]


def seattle_temperature():
    table = rows(VEGA / "seattle-weather.csv")
    names = ["temp_max", "temp_min", "wind", "precipitation"]
    days = [(row["date"].replace("/", "-"), *(row[name] for name in names)) for row in table]
    return ["ds", "y", "minimum", "wind", "precipitation"], days


def seattle_precipitation():
    table = rows(VEGA / "seattle-weather.csv")
    return ["ds", "y"], [(row["date"].replace("/", "-"), row["precipitation"]) for row in table]


def seattle_hourly():
    table = [
        (datetime.datetime.strptime(row["date"], "%Y/%m/%d %H:%M"), row["temp"])
        for row in rows(VEGA / "seattle-temps.csv")
    ]
    # The hour that daylight saving skips in March is missing, so the part starts after it.
    part = [(time, value) for time, value in table if 4 <= time.month <= 6]
    return ["ds", "y"], [(time.isoformat(), value) for time, value in part]


# Totals and parts of totals are left out: supersectors alone.
SECTORS = [
    "mining_and_logging", "construction", "durable_goods", "nondurable_goods", "wholesale_trade", "retail_trade",
    "transportation_and_warehousing", "utilities", "information", "financial_activities",
    "professional_and_business_services", "education_and_health_services", "leisure_and_hospitality", "other_services",
    "government",
]  # fmt: skip


def us_employment():
    table = rows(VEGA / "us-employment.csv")
    return ["unique_id", "ds", "y"], [(sector, row["month"], row[sector]) for sector in SECTORS for row in table]


def iowa_electricity():
    table = rows(VEGA / "iowa-electricity.csv")
    return ["unique_id", "ds", "y"], [(row["source"], row["year"], row["net_generation"]) for row in table]


SETS = [
    dict(
        name="sunspots-yearly", take=sunspots_yearly, kinds=["cyclic"],
        title="Mean number of sunspots of each year, 1700 to 2008",
        source=SUNSPOTS, licence=STATED, package="statsmodels 0.15.0, sunspots.csv",
        taken="as it is",
    ),
    dict(
        name="sunspots-monthly", take=sunspots_monthly, kinds=["cyclic"],
        title="Mean number of sunspots of each month, 1749 to 2008",
        source=SUNSPOTS, licence=STATED,
        package="statsmodels 0.15.0, sunspots/src/sunspots_monthly.dat",
        taken="the table of years and months, read row by row; years without twelve values are left out",
    ),
    dict(
        name="nile", take=nile, kinds=["level shift"],
        title="Flow of the Nile at Aswan in 10^8 cubic metres a year, 1871 to 1970",
        source="Cobb, The problem of the Nile, Biometrika 65 (1978)",
        licence="public domain, as the package states; measurements of 1871 to 1970",
        package="statsmodels 0.15.0, nile.csv", taken="as it is",
    ),
    dict(
        name="co2-monthly", take=co2_monthly, kinds=["seasonal", "trending"],
        title="Carbon dioxide in the air on Mauna Loa in ppmv, monthly means, 1965 to 2001",
        source="Keeling and Whorf, in Trends, Carbon Dioxide Information Analysis Center, U.S. Department of Energy (2004)",
        licence="public domain, as the package states; published by the United States government",
        package="statsmodels 0.15.0, co2.csv",
        taken="means of the weekly values of each month, two decimals, from 1965 on: before that whole months are missing",
    ),
    dict(
        name="el-nino", take=el_nino, kinds=["seasonal"],
        title="Sea surface temperature of the Pacific (Nino 1+2) in degrees Celsius, monthly, 1950 to 2010",
        source="Climate Prediction Center, NOAA, ERSST.V3B", licence=NOAA, package="statsmodels 0.15.0, elnino.csv",
        taken="twelve columns put one under the other",
    ),
    dict(
        name="us-gdp", take=us_gdp, kinds=["trending"],
        title="Real gross domestic product of the United States, quarterly, 1959 to 2009, seasonally adjusted",
        source="Bureau of Economic Analysis, by way of FRED (2009)",
        licence="public domain: a work of the United States government (Bureau of Economic Analysis)",
        package="statsmodels 0.15.0, macrodata.csv", taken="the column realgdp; quarters by their first day",
    ),
    dict(
        name="seattle-temperature", take=seattle_temperature, kinds=["seasonal", "covariates"],
        title="Highest temperature of each day in Seattle in degrees Celsius, 2012 to 2015, with minimum, wind and "
        "precipitation",
        source="NOAA", licence=NOAA, package="vega_datasets 0.9.0, seattle-weather.csv",
        taken="the columns temp_max, temp_min, wind and precipitation",
        past=["minimum", "wind", "precipitation"],
    ),
    dict(
        name="seattle-precipitation", take=seattle_precipitation, kinds=["intermittent"],
        title="Precipitation of each day in Seattle in millimetres, 2012 to 2015; 57 % of the days have none",
        source="NOAA", licence=NOAA, package="vega_datasets 0.9.0, seattle-weather.csv",
        taken="the column precipitation",
    ),
    dict(
        name="seattle-hourly", take=seattle_hourly, kinds=["seasonal", "smooth"],
        title="Temperature of each hour in Seattle in degrees Fahrenheit, April to June 2010",
        source="NOAA", licence=NOAA, package="vega_datasets 0.9.0, seattle-temps.csv",
        taken="April to June of the year",
    ),
    dict(
        name="us-employment", take=us_employment, kinds=["many series", "trending"],
        title="Employed people by sector in the United States in thousands, monthly, 2006 to 2015, seasonally adjusted",
        source="Current Employment Statistics, Bureau of Labor Statistics",
        licence="public domain: a work of the United States government (Bureau of Labor Statistics)",
        package="vega_datasets 0.9.0, us-employment.csv", taken="fifteen sectors, one under the other; totals left out",
    ),
    dict(
        name="iowa-electricity", take=iowa_electricity, kinds=["many series", "very short"],
        title="Electricity generated in Iowa by source in thousand megawatt-hours, yearly, 2001 to 2017",
        source="Energy Information Administration",
        licence="public domain: a work of the United States government (Energy Information Administration)",
        package="vega_datasets 0.9.0, iowa-electricity.csv", taken="as it is, columns renamed",
    ),
]  # fmt: skip


def main(folder):
    manifest = ["# Written by take.py. Where each data set comes from, and the SHA-256 of its file.\n"]
    for entry in SETS:
        entry = dict(entry)
        header, table = entry.pop("take")()
        text = "".join(",".join(row) + "\n" for row in [header, *table])
        (folder / f"{entry['name']}.csv").write_bytes(text.encode())
        entry["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        entry["panel"] = header[0] == "unique_id"
        manifest.append("\n[[dataset]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in entry.items()))
    (folder / "datasets.toml").write_text("".join(manifest))


main(pathlib.Path(sys.argv[1]))
