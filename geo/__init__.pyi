# Written by scripts/build_stubs.py from the list in geo/__init__.py.

from geo.boundaries.check import check_boundaries as check_boundaries
from geo.boundaries.join import join as join
from geo.boundaries.layer import read_boundaries as read_boundaries
from geo.boundaries.official import get_boundaries as get_boundaries
from geo.data.audit import audit_table as audit_table
from geo.data.inventory import read_inventory as read_inventory
from geo.data.shipped import studies as studies
from geo.data.table import read_table as read_table
from geo.errors import BoundaryError as BoundaryError
from geo.errors import GeoError as GeoError
from geo.errors import InputError as InputError
from geo.errors import MatchError as MatchError
from geo.errors import OutputError as OutputError
from geo.errors import StatisticError as StatisticError
from geo.errors import TableError as TableError
from geo.job import Result as Result
from geo.job import contiguity as contiguity
from geo.job import run as run
from geo.model.comparison import Correlation as Correlation
from geo.model.comparison import Inequality as Inequality
from geo.model.options import Options as Options
from geo.model.polygons import Boundaries as Boundaries
from geo.model.polygons import BoundaryCheck as BoundaryCheck
from geo.model.preserved import Renamed as Renamed
from geo.model.programmes import Inventory as Inventory
from geo.model.programmes import SupportGap as SupportGap
from geo.model.studies import Study as Study
from geo.model.tables import Audit as Audit
from geo.model.tables import Joined as Joined
from geo.model.tables import Table as Table
from geo.outputs.export import export as export
from geo.outputs.gpkg.renaming import rename_geopackage as rename_geopackage
from geo.outputs.sheets import write_gap as write_gap
from geo.study.associations import study_correlation as study_correlation
from geo.study.associations import study_inequality as study_inequality
from geo.study.recipe import Recipe as Recipe
from geo.study.recipe import read_manifest as read_manifest
from geo.study.supportgap import support_gap as support_gap

__all__: list[str]
